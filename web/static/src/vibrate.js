// For hands that do not hear. Phones without a motor (and iPhones) ignore it.

const PATTERNS = { done: [60, 40, 120], refused: [200], read: [40] };

export function vibrate(kind) {
  navigator.vibrate?.(PATTERNS[kind]);
}
