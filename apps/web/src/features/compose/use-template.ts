import type { TemplateKind } from '@baton/wire';
import { useLingui } from '@lingui/react';
import { useState } from 'react';
import { filledParts, type FilledPart, plainText, TEMPLATE_FORMS, type TemplateForm } from './templates.ts';

export interface ChosenTemplate {
  /** null: an ordinary message. */
  readonly form: TemplateForm | null;
  readonly parts: readonly FilledPart[];
  readonly text: string;
  /** What goes with the message. */
  readonly outgoing: { readonly kind: TemplateKind; readonly parts: readonly FilledPart[] } | null;
  readonly choose: (kind: TemplateKind, firstText: string) => void;
  readonly setPart: (index: number, text: string) => readonly FilledPart[];
  readonly clear: () => void;
}

/** The template that is being filled in; its parts keep the labels of the language in which it was chosen. */
export function useTemplate(): ChosenTemplate {
  const { i18n } = useLingui();
  const [chosen, setChosen] = useState<{
    readonly kind: TemplateKind;
    readonly parts: readonly FilledPart[];
  } | null>(null);
  const parts = chosen?.parts ?? [];
  return {
    form: chosen === null ? null : TEMPLATE_FORMS[chosen.kind],
    parts,
    text: plainText(parts),
    outgoing: chosen === null ? null : { kind: chosen.kind, parts: filledParts(parts) },
    choose(kind, firstText) {
      setChosen({
        kind,
        parts: TEMPLATE_FORMS[kind].parts.map(({ label }, index) => ({
          label: i18n._(label),
          text: index === 0 ? firstText : '',
        })),
      });
    },
    setPart(index, text) {
      const next = parts.map((old, at) => (at === index ? { ...old, text } : old));
      if (chosen !== null) setChosen({ kind: chosen.kind, parts: next });
      return next;
    },
    clear: () => setChosen(null),
  };
}
