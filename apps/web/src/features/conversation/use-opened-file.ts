import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { useEffect, useState } from 'react';
import { blobOf } from '../../media/opened-blob.ts';

export type OpenedState =
  | { readonly t: 'opening'; readonly share: number }
  | { readonly t: 'open'; readonly blob: Blob; readonly address: string }
  | { readonly t: 'failed'; readonly error: unknown };

/** Brings a file here and opens it, with how far it has come. Leaving gives it up and forgets it. Give what uses it a key of the file. */
export function useOpenedFile(conversation: Conversation, attachment: Attachment): OpenedState {
  const [state, setState] = useState<OpenedState>({ t: 'opening', share: 0 });
  useEffect(() => {
    const leaving = new AbortController();
    let address: string | null = null;
    const opened = conversation.openAttachment(attachment);
    const unsubscribe = opened.openedBytes.subscribe(() => {
      const share = opened.openedBytes.read() / Math.max(1, opened.sizeBytes);
      setState((now) => (now.t === 'opening' ? { t: 'opening', share } : now));
    });
    blobOf(opened, attachment.mime, leaving.signal).then(
      (blob) => {
        if (leaving.signal.aborted) return;
        address = URL.createObjectURL(blob);
        setState({ t: 'open', blob, address });
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) setState({ t: 'failed', error });
      },
    );
    return () => {
      leaving.abort();
      unsubscribe();
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [conversation, attachment]);
  return state;
}
