// Digits as a person draws them: strokes of points in [0,1]^2, y down, and the hand that draws them with a real mouse.

const arc = (cx, cy, rx, ry, from, to, points = 24) => Array.from({ length: points + 1 }, (_, i) => {
  const angle = (from + (to - from) * i / points) * Math.PI / 180;
  return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
});

export const strokes = [
  [arc(0.5, 0.5, 0.2, 0.3, -90, 275)],
  [[[0.42, 0.3], [0.53, 0.2], [0.52, 0.5], [0.51, 0.8]]],
  [[...arc(0.5, 0.36, 0.18, 0.16, 190, 390), [0.55, 0.56], [0.32, 0.78], [0.5, 0.78], [0.72, 0.77]]],
  [[...arc(0.47, 0.35, 0.17, 0.15, 200, 440), ...arc(0.47, 0.65, 0.2, 0.16, 280, 520)]],
  [[[0.36, 0.2], [0.32, 0.38], [0.3, 0.52], [0.5, 0.52], [0.7, 0.5]], [[0.62, 0.22], [0.6, 0.5], [0.58, 0.82]]],
  [[[0.66, 0.22], [0.4, 0.22], [0.37, 0.45], ...arc(0.47, 0.62, 0.19, 0.18, 240, 500)]],
  [[[0.6, 0.18], [0.46, 0.3], [0.37, 0.5], ...arc(0.49, 0.64, 0.15, 0.16, 180, 540)]],
  [[[0.3, 0.24], [0.5, 0.23], [0.69, 0.22], [0.58, 0.48], [0.46, 0.8]]],
  [[...arc(0.5, 0.35, 0.15, 0.15, 300, 90, 16), ...arc(0.5, 0.66, 0.17, 0.16, 270, 630), ...arc(0.5, 0.35, 0.15, 0.15, 90, -60, 16)]],
  [[...arc(0.5, 0.36, 0.16, 0.15, 10, 370), [0.66, 0.5], [0.63, 0.66], [0.58, 0.82]]],
];

// Draws one digit within `pad` (CSS pixels of the page) with playwright's mouse.
export async function draw(page, pad, digit) {
  for (const stroke of strokes[digit]) {
    const [first, ...rest] = stroke.map(([x, y]) => [pad.x + x * pad.width, pad.y + y * pad.height]);
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...point);
    await page.mouse.up();
  }
}
