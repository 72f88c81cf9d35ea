"""Moving in from WordPress: reading its export (WXR), turning its texts into ours, writing what came out."""
