import type { OutgoingFile } from '@baton/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { VoiceRecording } from '../../media/voice-recorder.ts';
import { Button } from '../look/button.tsx';
import { every, spanMs } from '../system/clock.ts';
import { spanText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './composer.module.css';

const LOOK_MS = 500;

interface VoiceProps {
  readonly recording: VoiceRecording;
  readonly onKeep: (file: OutgoingFile) => void;
  readonly onEnd: () => void;
}

/** While a voice note is recorded: how long it is, and two ways to end. */
export function VoiceNote({ recording, onKeep, onEnd }: VoiceProps) {
  const { t } = useTexts();
  const [seconds, setSeconds] = useState(0);
  const ended = useRef(false);
  useEffect(() => {
    const startMs = spanMs();
    const stop = every(LOOK_MS, () => setSeconds((spanMs() - startMs) / 1000));
    return () => {
      stop();
      if (!ended.current) recording.cancel();
    };
  }, [recording]);
  const keep = async (): Promise<void> => {
    ended.current = true;
    const file = await recording.stop(t('voice.name'));
    if (file !== null) onKeep(file);
    onEnd();
  };
  return (
    <div className={style['voice']}>
      <p role="timer">{t('voice.recording', { time: spanText(seconds) })}</p>
      <Button look="main" onClick={() => void keep()}>
        {t('voice.stop')}
      </Button>
      <Button onClick={onEnd}>{t('voice.drop')}</Button>
    </div>
  );
}
