import type { Relation } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const RELATION_NAMES: Readonly<Record<Relation, MessageDescriptor>> = {
  self: msg`the patient`,
  parent: msg`parent`,
  guardian: msg`guardian`,
  family: msg`family`,
  designee: msg`named by the patient`,
};
