/** One stroke set on a 20 px grid; decorative, always beside words or a label. */

const PATHS = {
  chat: "M10 3.2c4.1 0 7.3 2.7 7.3 6.2s-3.2 6.2-7.3 6.2c-.8 0-1.6-.1-2.3-.3L4.2 16.9l.6-2.9C3.4 12.9 2.7 11.3 2.7 9.4 2.7 5.9 5.9 3.2 10 3.2Z",
  send: "M16.9 3.2 2.9 8.4l5.5 2.9 3 5.6 5.5-13.7ZM8.4 11.3l3.4-3.2",
  x: "m5 5 10 10M15 5 5 15",
  down: "m4.5 7.5 5.5 5.5 5.5-5.5",
  left: "M12.5 4.5 7 10l5.5 5.5",
  right: "m7.5 4.5 5.5 5.5-5.5 5.5",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  check: "m4 10.5 4 4 8-9",
  checks: "m1.8 10.8 3.7 3.7 7.5-8.5M9.3 13.5l1 1 7.9-8.5",
  clock: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM10 6v4.3l2.8 1.7",
  alert: "M10 3 2.5 16.5h15L10 3ZM10 8v4M10 14.2v.1",
  info: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM10 9.3v4M10 6.6v.1",
  eye: "M2.3 10S5 4.8 10 4.8 17.7 10 17.7 10 15 15.2 10 15.2 2.3 10 2.3 10ZM12.3 10a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0Z",
  thumbUp:
    "M6.5 9v7.5h-3V9h3Zm0 .2 3-6.2c1.3 0 2.2 1 2 2.3L11 8h4a1.7 1.7 0 0 1 1.7 2l-.9 5a1.8 1.8 0 0 1-1.8 1.5H6.5",
  thumbDown:
    "M13.5 11V3.5h3V11h-3Zm0-.2-3 6.2c-1.3 0-2.2-1-2-2.3L9 12H5a1.7 1.7 0 0 1-1.7-2l.9-5A1.8 1.8 0 0 1 6 3.5h7.5",
  mail: "M4.6 4.5h10.8a1.8 1.8 0 0 1 1.8 1.8v7.4a1.8 1.8 0 0 1-1.8 1.8H4.6a1.8 1.8 0 0 1-1.8-1.8V6.3a1.8 1.8 0 0 1 1.8-1.8ZM3.2 5.8l6.8 5 6.8-5",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z",
  noWifi:
    "M2.5 7.5a11 11 0 0 1 15 0M5.3 10.5a7 7 0 0 1 9.4 0M8 13.3a3.2 3.2 0 0 1 4 0M10 16h.01M3 3l14 14",
} as const;

export type IconName = keyof typeof PATHS;

interface Props {
  name: IconName;
  /** Side in pixels: 14, 16, 20 or 24. */
  size?: 14 | 16 | 20 | 24;
  /** Mirrored where text runs from right to left. */
  directional?: boolean;
}

/** An icon of the set. */
export function Icon({ name, size = 20, directional = false }: Props) {
  const extra = `${size === 20 ? "" : ` i${size}`}${directional ? " flip" : ""}`;
  return (
    <svg class={`i i-${name}${extra}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
