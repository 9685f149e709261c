// The example course page: loads embed.js and talks to the first demo. `?from=http://127.0.0.1:PORT/` takes Trilens from another server
// of this machine, as a course on another site would.
const asked = new URLSearchParams(location.search).get('from');
const local = asked && /^http:\/\/(127\.0\.0\.1|localhost):\d+\/$/.test(asked);
const script = document.createElement('script');
script.src = new URL('embed.js', local ? asked : location.href);
script.addEventListener('load', () => customElements.whenDefined('trilens-demo').then(begin));
document.head.append(script);

async function begin() {
  const element = document.getElementById('first');
  const demo = await element.ready;
  const said = document.getElementById('said');
  const tell = async () => {
    const { data } = await demo.tensor('cnn.probabilities');
    const best = data.indexOf(Math.max(...data));
    said.textContent = `The network says ${best} (${(100 * data[best]).toFixed(0)} %).`;
  };
  let waiting = 0;
  element.addEventListener('trilens-change', () => { clearTimeout(waiting); waiting = setTimeout(tell, 200); });
  document.getElementById('seven').addEventListener('click', async () => {
    await demo.clear();
    await demo.stroke([[0.3, 0.24], [0.5, 0.23], [0.69, 0.22], [0.58, 0.48], [0.46, 0.8]]);
  });
  document.getElementById('clear').addEventListener('click', () => demo.clear());
  await tell();
}
