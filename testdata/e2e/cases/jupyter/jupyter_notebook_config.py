c = get_config()  # noqa: F821
c.NotebookApp.ip = "0.0.0.0"
c.NotebookApp.open_browser = False
c.NotebookApp.token = "letmein"
c.NotebookApp.allow_remote_access = True
c.FileContentsManager.delete_to_trash = False
