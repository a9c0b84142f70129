import type { TemplateKind } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const TEMPLATE_NAMES: Readonly<Record<TemplateKind, MessageDescriptor>> = {
  sbar: msg`SBAR`,
  'critical-result': msg`Critical result`,
  'care-plan-change': msg`Change of the care plan`,
};
