/** Dashboard pages. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/staff.css";
import "./styles/dashboard.css";
import { keepLive } from "./dashboard/live.ts";
import { followThemeSwitch } from "./ui/theme.ts";

followThemeSwitch();
keepLive();
