import { words } from "../../words/words";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";
import { dismiss } from "../overlay";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Pages } from "./Pages";
import { Sessions } from "./Sessions";

/** What one sets for oneself. */
export function Settings() {
  const client = useClient();
  const signOut = () => {
    dismiss();
    void client.signOut();
  };
  return (
    <Pages
      title={words().settings.title}
      pages={[
        { key: "account", icon: "user", label: words().settings.account, body: () => <Account /> },
        { key: "appearance", icon: "palette", label: words().settings.appearance, body: () => <Appearance /> },
        { key: "sessions", icon: "monitor", label: words().settings.sessions, body: () => <Sessions /> },
      ]}
      foot={<><hr /><button type="button" data-danger="" onClick={signOut}><Icon name="log-out" />{words().doors.signOut}</button></>}
    />
  );
}
