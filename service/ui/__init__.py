"""What the chat UI needs of the service: answers as safe HTML blocks, a stream of them, and the files of the page."""
