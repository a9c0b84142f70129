import type { OutgoingFile } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useCallback, useState } from 'react';
import { type LeftInside, MAX_FILES } from '../../media/file-plan.ts';
import { prepareFile } from '../../media/prepare-file.ts';

export interface ChosenFile {
  readonly key: number;
  readonly file: OutgoingFile;
  /** What may still be in it besides what is seen. */
  readonly left: LeftInside;
}

export interface ChosenFiles {
  readonly files: readonly ChosenFile[];
  readonly busy: boolean;
  /** Why a file was not taken. */
  readonly refusal: string | null;
  readonly add: (list: Iterable<File>) => Promise<void>;
  /** Files that are ready to go: taken back from a message, or recorded here. */
  readonly restore: (files: readonly OutgoingFile[]) => void;
  readonly refuse: (sentence: string) => void;
  readonly remove: (key: number) => void;
  readonly clear: () => void;
}

/** Remembered with the file, so that a message that is taken back says it again. */
const LEFT = new WeakMap<OutgoingFile, LeftInside>();

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
        if (prepared.ok) {
          LEFT.set(prepared.file, prepared.left);
          setFiles((known) => withFiles(known, [prepared.file]));
        } else setRefusal(reasons[prepared.why](chosen.name));
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
  return { files, busy, refusal, add, restore, refuse: setRefusal, remove, clear };
}

function withFiles(known: readonly ChosenFile[], list: readonly OutgoingFile[]): readonly ChosenFile[] {
  const first = known.reduce((most, { key }) => Math.max(most, key), 0) + 1;
  const fresh = list.map((file, index) => ({ key: first + index, file, left: LEFT.get(file) ?? 'nothing' }));
  return [...known, ...fresh].slice(0, MAX_FILES);
}
