/** Account pages. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/account.css";
import { followThemeSwitch } from "./ui/theme.ts";

followThemeSwitch();
