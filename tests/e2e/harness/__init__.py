"""Real browsers, each with a picture and a sound of its own, and how to recognise them."""
