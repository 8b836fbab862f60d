// As much of React's types as widget/types/react.d.ts leans on, so that no one has to install them.
export interface ClassAttributes<T> {
  key?: string;
  ref?: (instance: T | null) => void;
}
export interface HTMLAttributes<T> {
  className?: string;
  lang?: string;
  children?: unknown;
  onClick?: (event: { currentTarget: T }) => void;
}
export namespace JSX {
  interface IntrinsicElements {
    a: HTMLAttributes<HTMLAnchorElement> & { href?: string };
  }
}
