import os

from flask import Flask, jsonify, render_template
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40), unique=True)


def create_app():
    app = Flask(__name__, instance_path='/srv/shop/instance')
    app.config.update(SECRET_KEY=os.environ['SECRET_KEY'], SQLALCHEMY_DATABASE_URI='sqlite://',
                      SQLALCHEMY_TRACK_MODIFICATIONS=False)
    db.init_app(app)
    from .views import pages
    app.register_blueprint(pages)

    @app.route('/health')
    def health():
        return 'ok\n'

    @app.route('/items')
    def items():
        db.create_all()
        if not Item.query.count():
            db.session.add_all([Item(name='tea'), Item(name='bread')])
            db.session.commit()
        return jsonify([i.name for i in Item.query.order_by(Item.name)])

    @app.errorhandler(404)
    def missing(error):
        return render_template('404.html', why=error.description), 404

    return app
