/** A stylesheet as text, for a constructable sheet. */
declare module "*.css?inline" {
  const css: string;
  export default css;
}
