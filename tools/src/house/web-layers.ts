import { codeFiles, importsOf, isTest, resolveRelative } from './sources.ts';
import type { Check } from './violation.ts';

const WEB = 'apps/web/src/';

/** Inside the web app: app -> features/* -> design; a feature never imports another. */
export const webLayers: Check = {
  rule: 'web-layers',
  run(repo) {
    const files = codeFiles(repo).filter((file) => file.startsWith(WEB) && !isTest(file));
    return files.flatMap((file) =>
      importsOf(repo, file).flatMap(({ specifier, line }) => {
        const what = whyForbidden(placeOf(file), placeOf(resolveRelative(file, specifier) ?? ''));
        if (what === null) return [];
        return {
          file,
          line,
          rule: 'web-layers' as const,
          what: `${specifier}: ${what}.`,
          why: 'A feature that nobody reaches into can be changed, or removed, alone.',
          todo: 'Lift what two features share into design/ (looks) or into packages/client (state); let app/ join them.',
        };
      }),
    );
  },
};

interface Place {
  readonly street: 'app' | 'features' | 'design' | 'other';
  readonly feature: string;
}

function placeOf(file: string): Place {
  const [street, feature] = file.startsWith(WEB) ? file.slice(WEB.length).split('/') : [];
  if (street === 'app' || street === 'design') return { street, feature: '' };
  if (street === 'features') return { street, feature: feature ?? '' };
  return { street: 'other', feature: '' };
}

function whyForbidden(from: Place, to: Place): string | null {
  if (from.street === 'features' && to.street === 'app') return 'a feature imports the app';
  if (from.street === 'features' && to.street === 'features' && from.feature !== to.feature) {
    return `the feature ${from.feature} imports the feature ${to.feature}`;
  }
  if (from.street === 'design' && (to.street === 'app' || to.street === 'features')) {
    return `design imports ${to.street}`;
  }
  return null;
}
