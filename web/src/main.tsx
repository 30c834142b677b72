import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "@fontsource-variable/atkinson-hyperlegible-next/wght-italic.css";
import "@fontsource-variable/atkinson-hyperlegible-mono/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import { render } from "solid-js/web";
import { showPreferences } from "./app/preferences";
import { App } from "./views/App";

showPreferences();
render(() => <App />, document.getElementById("root") as HTMLElement);
