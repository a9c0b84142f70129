import type { MessageDescriptor } from '@lingui/core';

/** Features of the no-show score by name (`packages/clinical`). One that is not listed is shown as it is. */
export const FEATURE_WORDS: Readonly<Record<string, MessageDescriptor>> = {};
