"""SQL models of the stage; transforms.models finds and orders them."""
