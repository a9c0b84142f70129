import type { OutgoingFile } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useCallback, useState } from 'react';
import { MAX_FILES } from '../../media/file-plan.ts';
import { prepareFile } from '../../media/prepare-file.ts';

export interface ChosenFile {
  readonly key: number;
  readonly file: OutgoingFile;
}

export interface ChosenFiles {
  readonly files: readonly ChosenFile[];
  readonly busy: boolean;
  /** Why a file was not taken. */
  readonly refusal: string | null;
  readonly add: (list: Iterable<File>) => Promise<void>;
  readonly restore: (files: readonly OutgoingFile[]) => void;
  readonly remove: (key: number) => void;
  readonly clear: () => void;
}

export function useFiles(): ChosenFiles {
  const { t } = useLingui();
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const add = async (list: Iterable<File>): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const reasons = {
      'too-large': (name: string) => t`${name} is larger than 100 MB. Choose a smaller file.`,
      empty: (name: string) => t`${name} is empty.`,
      unreadable: (name: string) =>
        t`${name} cannot be cleaned of its location and camera data here, so it was not attached. Save it as JPEG and try again.`,
    };
    try {
      for (const chosen of list) {
        const prepared = await prepareFile(chosen);
        if (prepared.ok) setFiles((known) => withFiles(known, [prepared.file]));
        else setRefusal(reasons[prepared.why](chosen.name));
      }
    } finally {
      setBusy(false);
    }
  };
  const remove = useCallback((key: number) => {
    setFiles((known) => known.filter((file) => file.key !== key));
  }, []);
  const clear = useCallback(() => {
    setFiles([]);
    setRefusal(null);
  }, []);
  const restore = useCallback((list: readonly OutgoingFile[]) => {
    setFiles((known) => withFiles(known, list));
  }, []);
  return { files, busy, refusal, add, restore, remove, clear };
}

function withFiles(known: readonly ChosenFile[], list: readonly OutgoingFile[]): readonly ChosenFile[] {
  const first = known.reduce((most, { key }) => Math.max(most, key), 0) + 1;
  return [...known, ...list.map((file, index) => ({ key: first + index, file }))].slice(0, MAX_FILES);
}
