/** Three claw marks. */
export const Logo = () => (
  <svg className="logo-mark" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true" focusable="false">
    <path d="M4 3.5c1.8 4.8 1.9 10.5-.2 17 4-5 4.7-11.8.2-17zM11 2.5c2.3 5.7 2.4 12.3-.3 19.5C15.6 16 16.4 8.5 11 2.5zM18 3.5c1.8 4.8 1.9 10.5-.2 17 4-5 4.7-11.8.2-17z" />
  </svg>
)
