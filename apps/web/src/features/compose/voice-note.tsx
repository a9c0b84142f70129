import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconMicrophone, IconPlayerStopFilled, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useNow } from '../../design/session/frame-context.tsx';
import { recordVoice, type VoiceRecording } from '../../media/voice-recorder.ts';
import style from './composer.module.css';
import type { ChosenFiles } from './use-files.ts';

/** A longer note is a call. */
const MAX_MS = 10 * 60_000;

/** Records a voice note: how loud it is is seen, it is heard before it is sent, and nothing is kept of one that is thrown away. */
export function VoiceNote({ files }: { readonly files: ChosenFiles }) {
  const { t } = useLingui();
  const [recording, setRecording] = useState<VoiceRecording | null>(null);
  const running = useRef<VoiceRecording | null>(null);
  useEffect(() => () => running.current?.cancel(), []);

  const start = async (): Promise<void> => {
    const reasons = {
      'not-allowed': t`The browser does not let this page use the microphone. Allow it in the address bar and try again.`,
      'no-microphone': t`No microphone was found.`,
      'not-supported': t`This browser cannot record sound.`,
    };
    const begun = await recordVoice();
    if (typeof begun === 'string') {
      files.refuse(reasons[begun]);
      return;
    }
    running.current = begun;
    setRecording(begun);
  };
  const end = async (keep: boolean): Promise<void> => {
    const ending = running.current;
    running.current = null;
    setRecording(null);
    if (ending === null) return;
    if (!keep) {
      ending.cancel();
      return;
    }
    const note = await ending.stop(t`Voice note`);
    if (note !== null) files.restore([note]);
  };

  if (recording === null) {
    return (
      <IconAction size="large" side="top" label={t`Record a voice note`} onClick={() => void start()}>
        <IconMicrophone size={20} stroke={1.7} />
      </IconAction>
    );
  }
  return (
    <span className={style['recording']}>
      <Level recording={recording} />
      <Elapsed onLimit={() => void end(true)} />
      <Button
        size="compact-md"
        color="red"
        variant="light"
        leftSection={<IconPlayerStopFilled size={16} aria-hidden="true" />}
        onClick={() => void end(true)}
      >
        <Trans>Stop</Trans>
      </Button>
      <IconAction side="top" label={t`Throw the recording away`} onClick={() => void end(false)}>
        <IconTrash size={18} stroke={1.7} />
      </IconAction>
    </span>
  );
}

/** Drawn outside of React, as often as the screen is. */
function Level({ recording }: { readonly recording: VoiceRecording }) {
  const { t } = useLingui();
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      if (bar.current !== null) bar.current.value = recording.level();
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [recording]);
  return <meter ref={bar} className={style['level']} min={0} max={1} value={0} aria-label={t`Loudness`} />;
}

function Elapsed({ onLimit }: { readonly onLimit: () => void }) {
  const now = useNow(1000);
  const [started] = useState(now);
  const elapsedMs = Math.max(0, now - started);
  const limit = useRef(onLimit);
  useEffect(() => {
    limit.current = onLimit;
  });
  const isOver = elapsedMs >= MAX_MS;
  useEffect(() => {
    if (isOver) limit.current();
  }, [isOver]);
  const seconds = Math.floor(elapsedMs / 1000);
  return (
    <span className={style['elapsed']} role="timer">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
    </span>
  );
}
