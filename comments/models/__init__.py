"""What readers write and moderators decide."""
