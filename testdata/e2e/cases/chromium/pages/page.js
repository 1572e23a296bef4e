const c = document.getElementById('c').getContext('2d');
c.fillStyle = '#080';
c.arc(20, 20, 15, 0, 2 * Math.PI);
c.fill();
const lines = [];
lines.push(new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5));
lines.push(new Date(Date.UTC(2024, 6, 1, 12)).toLocaleString('fr-FR', { timeZone: 'Asia/Tokyo', dateStyle: 'full' }));
lines.push(new DOMParser().parseFromString('<a><b>xml</b></a>', 'text/xml').querySelector('b').textContent);
lines.push(JSON.stringify(getComputedStyle(document.querySelector('h1')).fontFamily));
lines.push(String(WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))));
localStorage.setItem('k', 'stored');
lines.push(localStorage.getItem('k'));
const gl = document.createElement('canvas').getContext('webgl');
lines.push(`webgl ${Boolean(gl)}`);
lines.push(`codecs ${['video/mp4; codecs="avc1.42E01E"', 'video/webm; codecs="vp9"', 'audio/ogg; codecs=opus'].map((t) => MediaSource.isTypeSupported(t))}`);
lines.push(document.fonts.check('12px Arial'));
for (const line of lines) document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: line }));
Promise.all([
  crypto.subtle ? crypto.subtle.digest('SHA-256', new TextEncoder().encode('a')).then((d) => new Uint8Array(d)[0]) : 'no subtle',
  new Promise((done) => {
    const open = indexedDB.open('db');
    open.onupgradeneeded = () => open.result.createObjectStore('s').add('in the database', 1);
    open.onsuccess = () => (open.result.transaction('s').objectStore('s').get(1).onsuccess = (e) => done(e.target.result));
    open.onerror = () => done('no database');
  }),
  new Promise((done) => {
    const worker = new Worker(URL.createObjectURL(new Blob(['postMessage([3, 1, 2].toSorted().join())'])));
    worker.onmessage = (e) => done(e.data);
    worker.onerror = () => done('no worker');
  }),
]).then((all) => { document.getElementById('out').textContent = all.join(' | '); });
