import { configureStore, createSlice, type PayloadAction } from "@reduxjs/toolkit";
import { useDispatch, useSelector } from "react-redux";

import { api } from "@/client/api";

type Shell = {
  sessionExpired: boolean;
  live: boolean;
  railCollapsed: boolean;
};

const RAIL_KEY = "austa.rail";
const WIDE_ENOUGH_FOR_RAIL = 1680;

function initialShell(): Shell {
  const chosen = localStorage.getItem(RAIL_KEY);
  const collapsed = chosen === null ? window.innerWidth < WIDE_ENOUGH_FOR_RAIL : chosen === "collapsed";
  return { sessionExpired: false, live: true, railCollapsed: collapsed };
}

const shell = createSlice({
  name: "shell",
  initialState: initialShell,
  reducers: {
    sessionExpired: (state) => {
      state.sessionExpired = true;
    },
    sessionRenewed: (state) => {
      state.sessionExpired = false;
    },
    liveChanged: (state, action: PayloadAction<boolean>) => {
      state.live = action.payload;
    },
    railToggled: (state) => {
      state.railCollapsed = !state.railCollapsed;
      localStorage.setItem(RAIL_KEY, state.railCollapsed ? "collapsed" : "open");
    },
  },
});

export const { sessionExpired, sessionRenewed, liveChanged, railToggled } = shell.actions;

export function createStore() {
  return configureStore({
    reducer: { [api.reducerPath]: api.reducer, shell: shell.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
}

export type Store = ReturnType<typeof createStore>;
export type RootState = ReturnType<Store["getState"]>;

export const useAppDispatch = useDispatch.withTypes<Store["dispatch"]>();
export const useAppSelector = useSelector.withTypes<RootState>();
