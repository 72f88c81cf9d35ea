"""Letters to the newsroom (群众来信): from the form to the published answer."""
