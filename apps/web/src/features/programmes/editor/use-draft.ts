import { canonicalProtocol, parseProtocol, type Protocol, type ProtocolProblem } from '@baton/clinical';
import { useMemo, useState } from 'react';
import { documentOf } from '../use-documents.ts';

/** A document that is being changed: by form or as JSON, whichever one likes; each shows what the other did. */
export interface Draft {
  /** JSON as it stands in the field. */
  readonly text: string;
  /** What the form shows; null while the JSON is no protocol. Texts of it may still be empty. */
  readonly form: Protocol | null;
  /** The whole document; null while something of it is missing. */
  readonly protocol: Protocol | null;
  /** What was saved last. */
  readonly saved: Protocol | null;
  readonly problems: readonly ProtocolProblem[];
  readonly changed: boolean;
  readonly canSave: boolean;
  setText(text: string): void;
  change(edit: (protocol: Protocol) => Protocol): void;
  /** Canonical JSON of the whole document. */
  body(): string;
  name(before: string): string;
}

interface State {
  readonly text: string;
  readonly form: Protocol | null;
}

export function useDraft(savedBody: string): Draft {
  const [state, setState] = useState<State>(() => open(savedBody));
  const parsed = useMemo(() => parseProtocol(state.form ?? state.text), [state]);
  const saved = documentOf(savedBody);
  const protocol = parsed.ok ? parsed.protocol : null;
  const body = useMemo(() => (protocol === null ? null : canonicalProtocol(protocol)), [protocol]);
  return {
    ...state,
    protocol,
    saved,
    problems: parsed.ok ? idProblem(parsed.protocol, saved) : parsed.problems,
    changed: body === null ? true : body !== savedBody,
    canSave: body !== null && idProblem(protocol, saved).length === 0,
    setText(text) {
      const read = parseProtocol(text);
      setState({ text, form: read.ok ? read.protocol : null });
    },
    change(edit) {
      setState(({ form, text }) => {
        if (form === null) return { form, text };
        const next = edit(form);
        return { form: next, text: pretty(next) };
      });
    },
    body: () => body ?? savedBody,
    name: (before) => protocol?.name.en.slice(0, 120) ?? before,
  };
}

function open(body: string): State {
  const form = documentOf(body);
  return { form, text: form === null ? body : pretty(form) };
}

function pretty(protocol: Protocol): string {
  return JSON.stringify(protocol, null, 2);
}

/** A protocol keeps its short name: patients and signatures go by it. */
function idProblem(protocol: Protocol | null, saved: Protocol | null): readonly ProtocolProblem[] {
  if (protocol === null || saved === null || protocol.id === saved.id) return [];
  return [{ path: 'id', words: `has to stay ${saved.id}` }];
}
