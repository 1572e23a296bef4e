default_app_config = 'notes.apps.NotesConfig'
