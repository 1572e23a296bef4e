from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange

pages = Blueprint('pages', __name__)


class Order(FlaskForm):
    class Meta:
        csrf = False

    count = IntegerField(validators=[NumberRange(1, 9)])


@pages.route('/')
def home():
    session['n'] = session.get('n', 0) + 1
    return render_template('home.html', n=session['n'], day=format_date(date(2024, 5, 1), locale='ja_JP'),
                           price=format_currency(9.5, 'EUR', locale='de_DE'))


@pages.route('/order', methods=['POST'])
def order():
    form = Order()
    if form.validate_on_submit():
        return redirect(url_for('pages.home', ordered=form.count.data))
    return form.errors, 422


@pages.route('/crash')
def crash():
    return 1 / 0


@pages.route('/upload', methods=['POST'])
def upload():
    return str(len(request.files['f'].read()))
