/** Account pages. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/account.css";
import { explainPasskeys } from "./account/passkeys.ts";
import { followThemeSwitch } from "./shared/ui/theme.ts";

followThemeSwitch();
explainPasskeys();
