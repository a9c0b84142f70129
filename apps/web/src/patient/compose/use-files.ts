import type { OutgoingFile } from '@baton/client';
import { MAX_FILE_BYTES } from '@baton/wire';
import { useEffect, useRef, useState } from 'preact/hooks';
import { MAX_FILES } from '../../media/file-plan.ts';
import type { FileRefusal } from '../../media/prepare-file.ts';
import { sizeText } from '../texts/time-texts.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use-texts.ts';

export interface ChosenFile {
  readonly key: number;
  readonly name: string;
  /** null while it is made ready. */
  readonly file: OutgoingFile | null;
  /** Picture to show of it; null where there is none. */
  readonly address: string | null;
  /** What may have stayed in it, as a sentence. */
  readonly note: string | null;
}

export interface ChosenFiles {
  readonly chosen: readonly ChosenFile[];
  readonly ready: readonly OutgoingFile[];
  readonly busy: boolean;
  /** Why the last file was not taken. */
  readonly problem: string | null;
  take(files: Iterable<File>): void;
  /** What was made here and needs no making ready. */
  keep(file: OutgoingFile): void;
  remove(key: number): void;
  clear(): void;
}

let nextKey = 1;

/** What takes place and time out of files is loaded with the first file. */
async function makeReady(source: File) {
  const { prepareFile } = await import('../../media/prepare-file.ts');
  return prepareFile(source);
}

/** Files chosen for the next message: each is freed of where and when it was made before it counts as ready. */
export function useFiles(): ChosenFiles {
  const texts = useTexts();
  const [chosen, setChosen] = useState<readonly ChosenFile[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(chosen);
  latest.current = chosen;
  useEffect(() => () => forget(latest.current), []);

  const drop = (key: number): void => {
    setChosen((before) => {
      forget(before.filter((one) => one.key === key));
      return before.filter((one) => one.key !== key);
    });
  };
  const prepare = async (key: number, source: File): Promise<void> => {
    const prepared = await makeReady(source).catch(() => ({ ok: false, why: 'unreadable' }) as const);
    if (!prepared.ok) {
      drop(key);
      setProblem(refusalText(prepared.why, source.name, texts));
      return;
    }
    const { file, left } = prepared;
    const note = left === 'recording' ? texts.t('write.left', { name: file.name }) : null;
    const address = previewOf(file);
    setChosen((before) =>
      before.map((one) => (one.key === key ? { key, name: file.name, file, address, note } : one)),
    );
  };

  return {
    chosen,
    ready: chosen.flatMap(({ file }) => (file === null ? [] : [file])),
    busy: chosen.some(({ file }) => file === null),
    problem,
    take(files) {
      setProblem(null);
      const all = [...files];
      const room = MAX_FILES - chosen.length;
      if (all.length > room) setProblem(texts.t('write.tooMany', { count: MAX_FILES }));
      for (const source of all.slice(0, room)) {
        const key = nextKey++;
        setChosen((before) => [...before, { key, name: source.name, file: null, address: null, note: null }]);
        void prepare(key, source);
      }
    },
    keep(file) {
      setChosen((before) => [
        ...before,
        { key: nextKey++, name: file.name, file, address: null, note: null },
      ]);
    },
    remove: drop,
    clear() {
      forget(chosen);
      setChosen([]);
      setProblem(null);
    },
  };
}

function previewOf({ mime, bytes }: OutgoingFile): string | null {
  if (!mime.startsWith('image/') || !(bytes instanceof Uint8Array)) return null;
  return URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mime }));
}

function forget(files: readonly ChosenFile[]): void {
  for (const { address } of files) if (address !== null) URL.revokeObjectURL(address);
}

function refusalText(why: FileRefusal, name: string, texts: Texts): string {
  switch (why) {
    case 'too-large':
      return texts.t('write.tooLarge', { name, size: sizeText(MAX_FILE_BYTES, texts) });
    case 'empty':
      return texts.t('write.emptyFile', { name });
    case 'unreadable':
      return texts.t('write.unreadable', { name });
  }
}
