import hashlib
import io
import sys

import numpy as np
import pandas as pd

sales = pd.read_csv('sales.csv', parse_dates=['day'])


def table():
    print(sales.groupby('shop').amount.agg(['sum', 'count']))
    print(sales.set_index('day').tz_localize('Asia/Kolkata').resample('M').amount.sum().to_string())
    print(sales.pivot_table(index='shop', columns=sales.day.dt.month, values='amount', fill_value=0))


def linear():
    a = np.array([[4.0, 1, 2], [1, 3, 0], [2, 0, 5]])
    print(np.round(np.linalg.solve(a, [1, 2, 3]), 6), np.round(np.linalg.eigvalsh(a), 6), round(np.linalg.det(a), 6))
    print(np.round(np.abs(np.fft.fft([1, 2, 3, 4])), 6), np.random.default_rng(7).integers(0, 100, 5))


def science():
    from scipy import integrate, interpolate, optimize, sparse, stats
    print(round(integrate.quad(np.sin, 0, np.pi)[0], 6), round(optimize.brentq(lambda x: x * x - 2, 0, 2), 6))
    print(np.round(interpolate.CubicSpline([0, 1, 2], [0, 1, 4])(1.5), 6), round(stats.norm.cdf(1.96), 6))
    print(sparse.csr_matrix(np.eye(3)).sum(), round(stats.ttest_1samp([1, 2, 3, 4], 2).pvalue, 6))


def chart():
    import matplotlib
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(figsize=(3, 2))
    sales.plot(x='day', y='amount', ax=axes, title=r'Sales $\alpha^2$')
    for kind in ('png', 'svg', 'pdf'):
        out = io.BytesIO()
        figure.savefig(out, format=kind)
        print(kind, len(out.getvalue()) > 1000, hashlib.sha256(out.getvalue()).hexdigest()[:8] if kind == 'png' else '')


def excel():
    sales.to_excel('/tmp/s.xlsx', index=False)
    print(pd.read_excel('/tmp/s.xlsx').equals(sales), sales.to_json(orient='records', date_format='iso')[:60])
    print(pd.read_html(io.StringIO(sales.to_html()))[0].shape)


globals()[sys.argv[1]]()
