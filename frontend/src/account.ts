/** Account pages. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/account.css";
import { explainPasskeys } from "./account/passkeys.ts";
import { followThemeSwitch } from "./ui/theme.ts";

followThemeSwitch();
explainPasskeys();
