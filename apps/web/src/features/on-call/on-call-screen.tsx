export function OnCallScreen() {
  return null;
}
