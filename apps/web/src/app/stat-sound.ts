const TONES = [880, 660, 880, 660, 880] as const;
const TONE_SECONDS = 0.16;
const GAP_SECONDS = 0.06;
const VOLUME = 0.25;

let context: AudioContext | null = null;

/** Five short tones, high and low in turn: like nothing else that a browser plays. Silent where the browser allows no sound yet. */
export function playStatSound(): void {
  try {
    context ??= new AudioContext();
    const audio = context;
    if (audio.state === 'suspended') audio.resume().catch(() => undefined);
    TONES.forEach((pitch, index) => {
      const start = audio.currentTime + index * (TONE_SECONDS + GAP_SECONDS);
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
      gain.gain.setValueAtTime(VOLUME, start + TONE_SECONDS - 0.03);
      gain.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
      tone.connect(gain).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE_SECONDS);
    });
  } catch {
    // No sound device: the band and the notice are there.
  }
}
