// As much of Vue's types as widget/types/vue.d.ts leans on.
export interface DefineComponent<Props> {
  new (): { $props: Props };
}
export interface GlobalComponents {}
