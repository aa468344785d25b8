/** Dashboard pages. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/staff.css";
import "./styles/dashboard.css";
import "./styles/dashboard-forms.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import { keepLive } from "./staff/live-panels.ts";

followThemeSwitch();
keepLive();
