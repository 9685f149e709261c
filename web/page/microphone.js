// A short sound from the microphone, asked for only when the learner presses Record; it never leaves the page.

const listen_ms = 1200, kept_ms = 30;

// The loudest 30 ms (a few periods of a voice) of what is heard in the next second, as samples in [-1, 1].
export async function record_sound() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error('no-microphone');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => { throw new Error('no-microphone'); });
  const context = new AudioContext();
  try {
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 32768;
    context.createMediaStreamSource(stream).connect(analyser);
    await new Promise(resolve => setTimeout(resolve, listen_ms));
    const heard = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(heard);
    return loudest(heard, Math.round(context.sampleRate * kept_ms / 1000));
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  }
}

export function loudest(samples, length) {
  const count = Math.min(length, samples.length);
  let energy = 0, best = 0, at = 0;
  for (let i = 0; i < samples.length; ++i) {
    energy += samples[i] ** 2;
    if (i >= count) energy -= samples[i - count] ** 2;
    if (i >= count - 1 && energy > best) [best, at] = [energy, i - count + 1];
  }
  return samples.slice(at, at + count);
}
