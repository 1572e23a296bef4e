def check_password(environ, user, password):
    if user not in ('ann', 'bob'):
        return None
    return password == 'secret'
