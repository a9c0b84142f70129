import type {
  Conversation,
  ConversationSummary,
  Member,
  MessageMarks,
  Role,
  TimelineMessage,
} from '@baton/client';
import type { RoleId } from '@baton/kernel';
import { MAX_TEXT_LENGTH, type TemplateKind } from '@baton/wire';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { type Action, useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { contractOfKey } from './contract-picker.tsx';
import { mentionableIn, mentionedIn } from './mention-query.ts';
import { type SentMessage, UNDO_MS } from './undo-send.tsx';
import { type Draft, useDraft } from './use-draft.ts';
import { plainText, TEMPLATE_FORMS } from './templates.ts';
import { type Asking, useAsk } from './use-ask.ts';
import { type ChosenFiles, useFiles } from './use-files.ts';
import { type Mentions, useMentions } from './use-mentions.ts';
import { type ChosenTemplate, useTemplate } from './use-template.ts';

export interface ComposerProps {
  readonly conversation: Conversation;
  /** The message that is answered; null for none. */
  readonly replyTo: TimelineMessage | null;
  readonly onReplyTo: (message: TimelineMessage | null) => void;
  /** Stands above the field: who will read this, and by which way. */
  readonly note?: ReactNode;
  /** Tools for a message to a patient; they may write into the field. */
  readonly renderTools?: (field: {
    readonly text: string;
    readonly setText: (text: string) => void;
  }) => ReactNode;
  /** Something is being written. */
  readonly onTyping?: () => void;
  /** Added to what is sent: a result, for example. Taken back after sending. */
  readonly marks?: MessageMarks | null;
  readonly onSent?: () => void;
}

export interface Composer {
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>;
  readonly summary: ConversationSummary;
  readonly draft: Draft;
  readonly files: ChosenFiles;
  readonly mentions: Mentions;
  readonly action: Action;
  readonly enterSends: boolean;
  readonly canSend: boolean;
  readonly length: number;
  /** Roles of this conversation that I hold: I may write for them. */
  readonly myRoles: readonly Role[];
  readonly as: RoleId | null;
  readonly setAs: (role: RoleId | null) => void;
  readonly send: () => void;
  /** The last message, as long as it can be taken back. */
  readonly sent: SentMessage | null;
  readonly forgetSent: () => void;
  readonly restore: (message: SentMessage) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  /** Keys that work in every field of the composer. */
  readonly onAnyKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly asking: Asking;
  readonly template: ChosenTemplate;
  readonly chooseTemplate: (kind: TemplateKind | null) => void;
  readonly setPart: (index: number, text: string) => void;
  readonly takeFiles: (list: FileList | null) => boolean;
}

export function useComposer(props: ComposerProps): Composer {
  const { conversation, replyTo, onReplyTo, onTyping, onSent } = props;
  const marks = props.marks ?? null;
  const session = useSession();
  const preferences = useLive(session.preferences);
  const summary = useLive(conversation.summary);
  const me = useLive(session.me).account;
  const draft = useDraft(conversation);
  const files = useFiles();
  const action = useAction();
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const template = useTemplate();
  const asking = useAsk(conversation, replyTo, template.form?.everyRole ?? false);
  const [as, setAs] = useState<RoleId | null>(null);
  const [sent, setSent] = useState<SentMessage | null>(null);
  const others: readonly Member[] = summary.members.filter((member) => member.id !== me);
  const mentionable = mentionableIn(summary.kind, others);
  const mentions = useMentions({ fieldRef, text: draft.text, members: mentionable, onText: draft.setText });
  useReplyFocus(fieldRef, replyTo);
  useTyping(draft.text, onTyping);

  const text = (template.form === null ? draft.text : template.text).trim();
  const isReady = !asking.incomplete && !files.busy && !summary.closed;
  const canSend = isReady && (text !== '' || files.files.length > 0) && text.length <= MAX_TEXT_LENGTH;
  const enterSends = preferences['send-key'] === 'enter';
  const send = (): void => {
    if (!canSend) return;
    const outgoing = {
      text,
      files: files.files.map(({ file }) => file),
      mentions: mentionedIn(text, mentionable).map((member) => member.id),
      replyTo: replyTo?.id ?? null,
      as,
      // A stat goes at once; taking it back then leaves a trail.
      holdMs: preferences['undo-hold'] === 'off' || asking.contract === 'stat' ? 0 : UNDO_MS,
      ...asking.outgoing,
      ...(template.outgoing === null ? {} : { template: template.outgoing }),
      ...(marks === null ? {} : { marks }),
    };
    void action.run(async () => {
      const id = await conversation.send(outgoing);
      setSent({ id, text, files: outgoing.files });
      draft.clear();
      template.clear();
      asking.reset();
      files.clear();
      onReplyTo(null);
      onSent?.();
      fieldRef.current?.focus();
    });
  };

  return {
    fieldRef,
    summary,
    draft,
    files,
    mentions,
    action,
    enterSends,
    canSend,
    length: text.length,
    myRoles: summary.members.filter((member): member is Role => member.kind === 'role' && member.heldByMe),
    as,
    setAs,
    send,
    sent,
    forgetSent: () => setSent(null),
    restore(message) {
      draft.setText(draft.text === '' ? message.text : `${message.text}\n${draft.text}`);
      files.restore(message.files);
      fieldRef.current?.focus();
    },
    asking,
    template,
    chooseTemplate(kind) {
      takeTemplate(kind, { template, draft, asking });
      if (kind === null) fieldRef.current?.focus();
    },
    setPart: (index, value) => draft.setText(plainText(template.setPart(index, value))),
    onAnyKeyDown(event) {
      const contract = contractOfKey(event);
      if (contract === null) return;
      event.preventDefault();
      asking.setContract(contract);
    },
    onKeyDown(event) {
      if (event.nativeEvent.isComposing || mentions.onKeyDown(event)) return;
      if (event.key === 'Escape' && replyTo !== null) onReplyTo(null);
      if (event.key !== 'Enter') return;
      if (event.ctrlKey || event.metaKey || (enterSends && !event.shiftKey)) {
        event.preventDefault();
        send();
      }
    },
    takeFiles(list) {
      if (list === null || list.length === 0) return false;
      void files.add([...list]);
      return true;
    },
  };
}

/** Going into a template and out of it loses no text; its parts are the draft as well. */
function takeTemplate(
  kind: TemplateKind | null,
  { template, draft, asking }: Pick<Composer, 'template' | 'draft' | 'asking'>,
): void {
  if (kind === null) {
    draft.setText(template.text);
    template.clear();
    return;
  }
  template.choose(kind, template.form === null ? draft.text : template.text);
  asking.setContract(TEMPLATE_FORMS[kind].contract);
}

/** Who answers goes on in the field. */
function useReplyFocus(field: RefObject<HTMLTextAreaElement | null>, replyTo: TimelineMessage | null): void {
  useEffect(() => {
    if (replyTo !== null) field.current?.focus();
  }, [field, replyTo]);
}

function useTyping(written: string, onTyping: (() => void) | undefined): void {
  useEffect(() => {
    if (written !== '') onTyping?.();
  }, [written, onTyping]);
}
