import { codeFiles, importsOf, isTest, resolveRelative } from './sources.ts';
import type { Check } from './violation.ts';

const WEB = 'apps/web/src/';

/**
 * Inside the web app: app -> features/* -> design; a feature never imports another. The patient's page is an app of its own: nobody imports it,
 * and it imports its own folder, media/ and packages that are small. media/ works on the DOM alone and imports neither.
 */
export const webLayers: Check = {
  rule: 'web-layers',
  run(repo) {
    const files = codeFiles(repo).filter((file) => file.startsWith(WEB) && !isTest(file));
    return files.flatMap((file) =>
      importsOf(repo, file).flatMap(({ specifier, line }) => {
        const from = placeOf(file);
        const what =
          whyHeavy(from, specifier) ?? whyForbidden(from, placeOf(resolveRelative(file, specifier) ?? ''));
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
  readonly street: 'app' | 'features' | 'design' | 'patient' | 'media' | 'other';
  readonly feature: string;
}

function placeOf(file: string): Place {
  const [street, feature] = file.startsWith(WEB) ? file.slice(WEB.length).split('/') : [];
  if (street === 'app' || street === 'design' || street === 'patient' || street === 'media')
    return { street, feature: '' };
  if (street === 'features') return { street, feature: feature ?? '' };
  return { street: 'other', feature: '' };
}

/** What the staff app is drawn with; a phone on slow data would pay for it. */
const HEAVY = /^(?:react|react-dom|@mantine|@tabler|@tanstack|@lingui|virtua|preact\/compat)(?:\/|$)/;

function whyHeavy(from: Place, specifier: string): string | null {
  if (from.street === 'patient' && HEAVY.test(specifier)) return `the patient's page imports ${specifier}`;
  if (from.street === 'media' && (HEAVY.test(specifier) || specifier.startsWith('preact')))
    return `media imports ${specifier}, and works on the DOM alone`;
  return null;
}

function whyForbidden(from: Place, to: Place): string | null {
  const isStaff = to.street === 'app' || to.street === 'features' || to.street === 'design';
  if (from.street === 'patient' && isStaff) return `the patient's page imports the staff's ${to.street}`;
  if (from.street === 'media' && (isStaff || to.street === 'patient')) return `media imports ${to.street}`;
  if (to.street === 'patient' && from.street !== 'patient') return "the staff app imports the patient's page";
  if (from.street === 'features' && to.street === 'app') return 'a feature imports the app';
  if (from.street === 'features' && to.street === 'features' && from.feature !== to.feature) {
    return `the feature ${from.feature} imports the feature ${to.feature}`;
  }
  if (from.street === 'design' && (to.street === 'app' || to.street === 'features')) {
    return `design imports ${to.street}`;
  }
  return null;
}
