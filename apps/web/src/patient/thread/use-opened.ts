import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { useEffect, useRef, useState } from 'preact/hooks';
import { blobOf } from '../../media/opened-blob.ts';

export interface Opened {
  readonly blob: Blob | null;
  /** For `src`; given back when the component goes. */
  readonly address: string | null;
  readonly busy: boolean;
  readonly percent: number;
  readonly failed: boolean;
  open(): void;
}

/** A file that is fetched and opened when `open` is called. */
export function useOpened(attachment: Attachment, conversation: Conversation): Opened {
  const [blob, setBlob] = useState<Blob | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [percent, setPercent] = useState(0);
  const [failed, setFailed] = useState(false);
  const end = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      end.current?.abort();
    },
    [],
  );
  useEffect(() => {
    if (blob === null) return undefined;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  const open = async (): Promise<void> => {
    if (busy || blob !== null) return;
    const controller = new AbortController();
    end.current = controller;
    setBusy(true);
    setFailed(false);
    const opened = conversation.openAttachment(attachment);
    const unwatch = opened.openedBytes.subscribe(() => {
      setPercent(Math.round((100 * opened.openedBytes.read()) / Math.max(1, opened.sizeBytes)));
    });
    try {
      const whole = await blobOf(opened, attachment.mime, controller.signal);
      if (!controller.signal.aborted) setBlob(whole);
    } catch {
      if (!controller.signal.aborted) setFailed(true);
    } finally {
      unwatch();
      setBusy(false);
    }
  };
  return { blob, address, busy, percent, failed, open: () => void open() };
}
