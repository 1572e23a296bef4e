#include <tcl.h>

/* fast::gcd A B: the greatest common divisor. */
static int Gcd(ClientData data, Tcl_Interp *interp, int objc, Tcl_Obj *const objv[]) {
    long a, b, t;
    if (objc != 3) { Tcl_WrongNumArgs(interp, 1, objv, "a b"); return TCL_ERROR; }
    if (Tcl_GetLongFromObj(interp, objv[1], &a) != TCL_OK || Tcl_GetLongFromObj(interp, objv[2], &b) != TCL_OK) return TCL_ERROR;
    while (b) { t = a % b; a = b; b = t; }
    Tcl_SetObjResult(interp, Tcl_NewLongObj(a));
    return TCL_OK;
}

int Fast_Init(Tcl_Interp *interp) {
    if (Tcl_InitStubs(interp, "8.6", 0) == NULL) return TCL_ERROR;
    Tcl_CreateObjCommand(interp, "fast::gcd", Gcd, NULL, NULL);
    return Tcl_PkgProvide(interp, "fast", "1.0");
}
