import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The one brand hue: deep teal, for actions and selection. */
const brand: MantineColorsTuple = [
  '#e8f5f3',
  '#cfebe7',
  '#a3dad4',
  '#72c6be',
  '#4bb5ac',
  '#23958f',
  '#137a76',
  '#0d6866',
  '#0b5856',
  '#084644',
];

/** Neutral greys with a breath of the brand in them. */
const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#eff3f2',
  '#e3e9e8',
  '#d3dbda',
  '#b4bfbe',
  '#87938f',
  '#647170',
  '#4b5857',
  '#313c3b',
  '#172221',
];

const dark: MantineColorsTuple = [
  '#e4ebea',
  '#c3cccb',
  '#a2afad',
  '#6c7a78',
  '#3a4645',
  '#2a3534',
  '#1d2625',
  '#131a1a',
  '#0e1414',
  '#0a0f0f',
];

/** Red: destructive acts and danger only. */
const red: MantineColorsTuple = [
  '#fdeceb',
  '#f9d3d0',
  '#f3a9a4',
  '#ee8c86',
  '#e5645d',
  '#d4443c',
  '#c2332b',
  '#ad271f',
  '#98201a',
  '#7c1813',
];

/** Amber: time that runs out and what waits. */
const amber: MantineColorsTuple = [
  '#fff5e2',
  '#fde6bd',
  '#f9d188',
  '#f3b852',
  '#e69f29',
  '#c47f0f',
  '#a2660a',
  '#845107',
  '#6d4306',
  '#553404',
];

/** Text of light and outline variants is taken from the ends of the scale: 4.5:1 on every surface used here. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const { variant, color } = input;
  // Dark fills are light: their text is dark.
  if (variant === 'filled') return { ...resolved, color: 'light-dark(#ffffff, #071a19)' };
  if (variant !== 'light' && variant !== 'subtle' && variant !== 'outline' && variant !== 'transparent') {
    return resolved;
  }
  const name = color ?? input.theme.primaryColor;
  if (!(name in input.theme.colors)) return resolved;
  const text = `light-dark(var(--mantine-color-${name}-9), var(--mantine-color-${name}-2))`;
  const soft = `light-dark(var(--mantine-color-${name}-0), color-mix(in srgb, var(--mantine-color-${name}-5) 16%, transparent))`;
  const softer = `light-dark(var(--mantine-color-${name}-1), color-mix(in srgb, var(--mantine-color-${name}-5) 24%, transparent))`;
  if (variant === 'light') return { ...resolved, color: text, background: soft, hover: softer };
  if (variant === 'outline')
    return { ...resolved, color: text, hover: soft, border: '1px solid var(--line-strong)' };
  return { ...resolved, color: text, hover: soft };
};

/** Our screens never scroll the body, so nothing has to be locked; the lock would also inject a style without our nonce. */
const overlay = { lockScroll: false, transitionProps: { duration: 120 } };

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.18,
  variantColorResolver,
  colors: { brand, gray, dark, red, amber },
  black: '#152120',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.75rem', xl: '1rem' },
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    Modal: { defaultProps: { ...overlay, centered: true } },
    Drawer: { defaultProps: overlay },
    Button: { defaultProps: { fw: 600 } },
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    Switch: { defaultProps: { size: 'md', withThumbIndicator: false } },
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        transitionProps: { duration: 90 },
        events: { hover: true, focus: true, touch: false },
      },
    },
    Menu: {
      defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 90 }, shadow: 'md' },
    },
    Popover: { defaultProps: { transitionProps: { duration: 90 }, shadow: 'md' } },
  },
});
