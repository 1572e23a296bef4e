async def handle(request):
    return {'hello': request.query.get('who', 'you')}
