import type { CareThread, Chart, MadeRecord, RecordWords, TimelineMessage } from '@baton/client';
import type { ConversationId, MessageId } from '@baton/kernel';
import { Button, Group, Modal, Progress, Radio, Stack, TextInput } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { exactTime, tableTime } from '../../design/words/time-words.ts';
import style from './record-dialog.module.css';

interface RecordDialogProps {
  /** The conversation whose messages are taken. */
  readonly thread: CareThread;
  readonly chart: Chart;
  readonly onClose: () => void;
}

/** Chosen messages, or the thread, as a file that stands by itself. The team notes keep that it was made. */
export function RecordDialog(props: RecordDialogProps) {
  const { t } = useLingui();
  const [made, setMade] = useState<MadeRecord | null>(null);
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={t`Make part of the record`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {made === null ? (
        <RecordForm {...props} onMade={setMade} />
      ) : (
        <Made made={made} onClose={props.onClose} />
      )}
    </Modal>
  );
}

function RecordForm({
  thread,
  chart,
  onMade,
  onClose,
}: RecordDialogProps & { readonly onMade: (made: MadeRecord) => void }) {
  const { t } = useLingui();
  const { records, conversations } = useSession();
  const action = useAction();
  const { conversation, sidebar } = thread;
  const messages = useMessages(conversation);
  const words = useRecordWords(chart);
  const [what, setWhat] = useState<'all' | 'some'>('all');
  const [chosen, setChosen] = useState<ReadonlySet<MessageId>>(new Set());
  const [reason, setReason] = useState('');
  const [progress, setProgress] = useState(0);
  const make = async (): Promise<void> => {
    const names = new Map(chart.people.map(({ account, name }) => [account as string, name]));
    const record = await records.make({
      conversation,
      messages: what === 'all' ? null : [...chosen],
      reason: reason.trim(),
      nameOf: (account) => names.get(account) ?? null,
      words,
      progress: (_, done, all) => setProgress(all === 0 ? 0 : (100 * done) / all),
    });
    save(record);
    const note = t`Made ${record.messages} messages part of the record. ${record.fileName}, SHA-256 ${record.hash}`;
    await noteIn(sidebar, conversations, note);
    onMade(record);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(make);
      }}
    >
      <Stack gap="md">
        <p>
          <Trans>
            One file with a PDF to read, the attachments, and proof of who wrote what and when. It is made on
            this device and is not encrypted: keep it where records are kept.
          </Trans>
        </p>
        <Radio.Group
          label={t`Which messages`}
          value={what}
          onChange={(value) => setWhat(value === 'all' ? 'all' : 'some')}
        >
          <Group gap="lg" mt={4}>
            <Radio value="all" label={t`The whole conversation`} />
            <Radio value="some" label={t`Chosen messages`} />
          </Group>
        </Radio.Group>
        {what === 'some' && <Choice messages={messages} chosen={chosen} onChange={setChosen} />}
        <TextInput
          label={t`Reason`}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {action.busy && <Progress value={progress} aria-label={t`Making the file`} />}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={action.busy} disabled={what === 'some' && chosen.size === 0}>
            <Trans>Make the file</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ made, onClose }: { readonly made: MadeRecord; readonly onClose: () => void }) {
  const { t } = useLingui();
  const count = made.messages;
  return (
    <Stack gap="md">
      <Notice tone="done">
        {t`${plural(count, { one: '# message is', other: '# messages are' })} in ${made.fileName}. The team notes say so.`}
      </Notice>
      <CopyField label={t`Fingerprint, to be written where the file is filed`} value={made.hash} lines />
      <Group justify="flex-end">
        <Button onClick={onClose}>
          <Trans>Done</Trans>
        </Button>
      </Group>
    </Stack>
  );
}

/** What this device shows of the conversation now. */
function useMessages(conversation: ConversationId): readonly TimelineMessage[] {
  const { conversations } = useSession();
  const [messages, setMessages] = useState<readonly TimelineMessage[]>([]);
  useEffect(() => {
    let gone = false;
    void conversations.open(conversation).then(({ timeline }) => {
      const shown = timeline
        .read()
        .items.filter((item): item is TimelineMessage => item.type === 'message' && item.seq !== null);
      if (!gone) setMessages(shown);
    });
    return () => {
      gone = true;
    };
  }, [conversations, conversation]);
  return messages;
}

/** Words of the PDF, in the language of who makes it. */
function useRecordWords(chart: Chart): RecordWords {
  const { t } = useLingui();
  const frame = useTimeFrame();
  return {
    title: t`Record of messages`,
    subtitle: chart.reach?.name ?? '',
    participants: t`Participants`,
    messages: t`Messages`,
    attachments: t`Attachment`,
    made: t`Made part of the record by`,
    reason: t`Reason`,
    leftOut: t`Messages left out between the first and the last`,
    unprintable: t`A question mark stands where a character cannot be printed here. The exact text is in evidence.cbor.`,
    howToCheck: t`How to check that this is unaltered: see READ-ME.txt beside this file.`,
    formatTime: (at) => exactTime(at, frame),
    describe: ({ author, as, byText, edited, withdrawn }) =>
      [
        as === null ? author : t`${author} for ${as}`,
        byText ? t`by text message` : null,
        edited ? t`edit` : null,
        withdrawn ? t`withdrawn` : null,
      ]
        .filter((part) => part !== null)
        .join(', '),
  };
}

function Choice({
  messages,
  chosen,
  onChange,
}: {
  readonly messages: readonly TimelineMessage[];
  readonly chosen: ReadonlySet<MessageId>;
  readonly onChange: (chosen: ReadonlySet<MessageId>) => void;
}) {
  const { t } = useLingui();
  const frame = useTimeFrame();
  const toggle = (id: MessageId): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <fieldset className={style['choice']}>
      <legend className="sr-only">{t`Messages to take`}</legend>
      {messages.map(({ id, author, at, text, attachments }) => (
        <label key={id} className={style['message']}>
          <input
            type="checkbox"
            aria-label={t`${author.name}, ${tableTime(at, frame)}`}
            checked={chosen.has(id)}
            onChange={() => toggle(id)}
          />
          <span>
            <b>{author.name}</b> <span className={style['time']}>{tableTime(at, frame)}</span>
            <span className={style['text']}>
              {text === '' ? attachments.map(({ name }) => name).join(', ') : text}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function save({ fileName, zip }: MadeRecord): void {
  const url = URL.createObjectURL(new Blob([zip.slice()], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** Who made what part of the record stands in the team notes: signed, and never seen by the patient. */
async function noteIn(
  sidebar: ConversationId | null,
  conversations: ReturnType<typeof useSession>['conversations'],
  text: string,
): Promise<void> {
  if (sidebar === null) return;
  const notes = await conversations.open(sidebar);
  await notes.send({ text, files: [], mentions: [], replyTo: null, as: null });
}
