import type { OutgoingFile } from '@baton/client';
import { blobSource } from './byte-source.ts';

/** AAC in MP4 first: every browser plays it. */
const TYPES = [
  'audio/mp4;codecs=mp4a.40.2',
  'audio/mp4',
  'audio/webm;codecs=opus',
  'audio/webm',
  'audio/ogg;codecs=opus',
];
/** Speech stays clear; ten minutes are 2.4 MB. */
const BITS_PER_SECOND = 32_000;
const PIECE_MS = 1000;

export interface VoiceRecording {
  /** Loudness now, 0 to 1. Ask as often as it is drawn. */
  level(): number;
  /** Ends it and answers what was recorded; nothing of it is kept elsewhere. null where nothing was heard. */
  stop(name: string): Promise<OutgoingFile | null>;
  /** Ends it and forgets it. */
  cancel(): void;
}

export type NoRecording = 'not-allowed' | 'no-microphone' | 'not-supported';

/** Starts recording a voice note. What comes out of it is made here and holds no place or device. The microphone is let go at the end. */
export async function recordVoice(): Promise<VoiceRecording | NoRecording> {
  const type = TYPES.find((name) => MediaRecorder.isTypeSupported(name));
  if (type === undefined || navigator.mediaDevices === undefined) return 'not-supported';
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((error: unknown) => error);
  if (!(stream instanceof MediaStream)) {
    return stream instanceof DOMException && stream.name === 'NotAllowedError'
      ? 'not-allowed'
      : 'no-microphone';
  }
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size > 0) pieces.push(data);
  });
  const meter = openMeter(stream);
  const letGo = (): void => {
    for (const track of stream.getTracks()) track.stop();
    meter.close();
  };
  recorder.start(PIECE_MS);
  return {
    level: meter.level,
    async stop(name) {
      const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
      recorder.stop();
      await ended;
      letGo();
      const mime = (recorder.mimeType || type).split(';')[0] ?? 'audio/webm';
      const recorded = new Blob(pieces, { type: mime });
      if (recorded.size === 0) return null;
      const ending = { 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }[mime] ?? 'webm';
      return { name: `${name}.${ending}`, mime, bytes: blobSource(recorded), width: null, height: null };
    },
    cancel() {
      if (recorder.state !== 'inactive') recorder.stop();
      pieces.length = 0;
      letGo();
    },
  };
}

function openMeter(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // Speech lies between -50 and -10 dB.
      return Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-10) + 50) / 40));
    },
    close: () => void context.close(),
  };
}
