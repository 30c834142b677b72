/// <reference types="vite/client" />
/// <reference types="@kobalte/core" />

declare module "virtual:emojis" {
  const groups: readonly (readonly [string, readonly (readonly [string, string, string])[]])[];
  export default groups;
}
