import type { Template } from '@baton/client';
import type { TemplateKind } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** A template with its labels in the app's languages; the message carries them in the sender's. */
export interface TemplateForm extends Omit<Template, 'parts'> {
  readonly parts: readonly { readonly label: MessageDescriptor; readonly hint: MessageDescriptor | null }[];
}

const part = (label: MessageDescriptor, hint: MessageDescriptor | null = null) => ({ label, hint });

export const TEMPLATE_FORMS: Readonly<Record<TemplateKind, TemplateForm>> = {
  sbar: {
    kind: 'sbar',
    contract: 'reply',
    everyRole: false,
    parts: [
      part(msg`Situation`, msg`What is happening now`),
      part(msg`Background`, msg`What led to it`),
      part(msg`Assessment`, msg`What you think it is`),
      part(msg`Recommendation`, msg`What you need`),
    ],
  },
  'critical-result': {
    kind: 'critical-result',
    contract: 'stat',
    everyRole: false,
    parts: [
      part(msg`Test`, msg`Which test, and when it was drawn`),
      part(msg`Result`, msg`The value and its unit`),
      part(msg`Expected`, msg`The usual range`),
      part(msg`What is needed`, msg`What should happen now`),
    ],
  },
  'care-plan-change': {
    kind: 'care-plan-change',
    contract: 'reply',
    everyRole: true,
    parts: [part(msg`What changes`), part(msg`Why`), part(msg`From when`), part(msg`What your role does`)],
  },
};

export interface FilledPart {
  readonly label: string;
  readonly text: string;
}

/** What a reader without templates sees, and what a draft keeps: "Situation: …", a line each. */
export function plainText(parts: readonly FilledPart[]): string {
  return filledParts(parts)
    .map(({ label, text }) => `${label}: ${text}`)
    .join('\n');
}

export function filledParts(parts: readonly FilledPart[]): readonly FilledPart[] {
  return parts.map(({ label, text }) => ({ label, text: text.trim() })).filter(({ text }) => text !== '');
}
