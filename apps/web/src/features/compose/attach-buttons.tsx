import { useLingui } from '@lingui/react/macro';
import { IconCamera, IconPaperclip } from '@tabler/icons-react';
import { useRef } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import type { Composer } from './use-composer.ts';
import { VoiceNote } from './voice-note.tsx';

/** A telephone or tablet: its camera is one tap away. */
const TOUCH = window.matchMedia('(hover: none)').matches;

/** Files from the device, a photo or video from the camera, a voice note. Dropping and pasting work as well. */
export function AttachButtons({ composer }: { readonly composer: Composer }) {
  const { t } = useLingui();
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    composer.takeFiles(input.files);
    input.value = '';
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={t`Files to attach`}
        onChange={(event) => take(event.currentTarget)}
      />
      <IconAction
        size="large"
        side="top"
        label={t`Attach a photo or file`}
        onClick={() => picker.current?.click()}
      >
        <IconPaperclip size={20} stroke={1.7} />
      </IconAction>
      {TOUCH && (
        <>
          <input
            ref={camera}
            type="file"
            accept="image/*,video/*"
            capture="environment"
            hidden
            tabIndex={-1}
            aria-label={t`From the camera`}
            onChange={(event) => take(event.currentTarget)}
          />
          <IconAction
            size="large"
            side="top"
            label={t`Take a photo or video`}
            onClick={() => camera.current?.click()}
          >
            <IconCamera size={20} stroke={1.7} />
          </IconAction>
        </>
      )}
      <VoiceNote files={composer.files} />
    </>
  );
}
