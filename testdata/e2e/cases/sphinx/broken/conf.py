project = "Broken"
extensions = ["nonsense_extension"]
